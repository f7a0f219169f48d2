import HTTPServer
import Invocation

extension Exchange: InvocationCaller {}
