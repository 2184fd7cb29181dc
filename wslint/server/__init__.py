"""The language server: what `wslint check` finds, while one types.

`project.py` checks a folder over the editor's unsaved texts and knows nothing of the protocol. `runner.py` says when,
`protocol.py` speaks with the editor; between them each file answers one kind of question (`diagnostics.py`,
`actions.py`, `hover.py` …) from the last check. `places.py` turns bytes into the protocol's positions and back.
"""
