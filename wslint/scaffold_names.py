"""Names that `wslint new` can't give a class or a binding: the languages', and those of the generated projects."""

from __future__ import annotations

import builtins

from wslint.regex import regex

# JavaScript's: the class and the binding must be usable there too
RESERVED = regex(
    "arguments await break case catch class const continue debugger default delete do else enum eval export "
    "extends false finally for function if implements import in instanceof interface let new null package "
    "private protected public return static super switch this throw true try typeof undefined var void "
    "while with yield".replace(" ", "|")
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# what the entrypoint of each language defines or uses itself
TAKEN_CLASSES = {
    "python": _words(
        f"{' '.join(dir(builtins))} "
        "ALWAYS answer authorize close_code Default DurableObject is_local is_overloaded is_transient is_welcome log MAX_BODY_BYTES retry to_js js JsException json Match METHODS new_code "
        "now os Outcome PLAYERS READ read_code refuse Request Response Session session_of time "
        "upgrade_required urljoin urlsplit wants_websocket WorkerEntrypoint"
    ),
    "typescript": _words(
        "answer any Array authorize isLocal isOverloaded isTransient isWelcome log retry MAX_BODY_BYTES RateLimit ArrayBuffer bigint boolean closeCode console constructor crypto Date "
        "DurableObject DurableObjectNamespace DurableObjectState Env Error Fetcher HeaderFields isOverdue "
        "JSON Lobby Match METHODS never newCode newSession number object Object Outcome PLAYERS Promise "
        "READ readCode Record refuse Request Response ServerMessage Session sessionOf Set string "
        "symbol Uint8Array undefined unknown upgradeRequired URL wantsWebSocket WebSocket WebSocketPair "
        "WebSocketRequestResponsePair WorkerEntrypoint"
    ),
    "rust": _words(
        "abstract Array door Delay Failure protocol retry ArrayBuffer as async become BigInt bool box ContainerStartupOptions Context crate "
        "DataView Date do DurableObject Duration dyn Entrypoint Env Err Error Exception exports extern "
        "fetch final FinalizationRegistry fn Function game gen globalThis Headers i32 IgnoredAny impl "
        "imports initState Int32Array IntoUnderlyingByteSource IntoUnderlyingSink IntoUnderlyingSource JSON "
        "loop macro Map Match match Message Method MinifyConfig mod move mut None Number Object Ok Option "
        "Outcome override priv Promise Proxy pub R2Range Rc READ ReadableByteStreamController "
        "ReadableStreamDefaultController ref Reflect Request Response Result Row Self self Session Some "
        "State str String struct Symbol TextDecoder TextEncoder trait type u16 u32 u64 u8 Uint8Array unsafe "
        "unsized use usize Value Vec virtual wasm web_sys WebAssembly WebSocket WebSocketIncomingMessage "
        "WebSocketPair WebSocketRequestResponsePair where worker WorkerEntrypoint Write"
    ),
}
TAKEN_BINDINGS = ("ASSETS", "CREATE_LIMIT")
