"""The play: what comes to a Worker from outside, scene by scene, and what each scene comes to."""
