"""Plain data as JSON text: what crosses between the sandbox and the judge (docs/protocol.md, "Plain data").

`encode` calls no method of a user's class and does not mind what learner code has patched. `decode` gives plain values
of exact types, and
`Opaque`, `Raised`, `ClassRef`, `Cut`, `Cycle` for everything else; none of these is ever equal to plain data.
"""

from sandboxed.decoding import decode
from sandboxed.encoding import encode
from sandboxed.markers import ClassRef, CodecError, Cut, Cycle, Opaque, Raised

__all__ = ["ClassRef", "CodecError", "Cut", "Cycle", "Opaque", "Raised", "decode", "encode"]
