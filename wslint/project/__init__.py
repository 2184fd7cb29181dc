"""How a configuration becomes what is deployed: one file a build form.

`entrypoint` asks the forms in order; each leads `main` back to the source that it is built from, or says which
names the build's output can export, or why neither can be told. `commands` has the commands that the project
itself names (`build.command`, package.json, shell scripts, Makefiles). Nothing is run.
"""
