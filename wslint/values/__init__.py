"""What can be known of a running Worker: values, the choices that they rest on, and the heap that holds them."""
