"""`wslint probe`: one real handshake, everything that the browser hides of it, and what it means.

`target` checks what the person asked for, `wire` and `answer` carry it out over a socket of our own,
`session` plays the few frames after a 101, `symptoms` is the table from answers to causes, `diagnosis`
looks an outcome up in it, `project` asks which findings fit, `report` and `report_json` print.
"""
