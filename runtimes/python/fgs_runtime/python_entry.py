"""Functions in Python: a handler that is called with an event and a context."""

from . import codec, errors, host, loader

_COROUTINE_MARK = "cr_code"


class PythonEntry:
    """The handler of one function, with its initializer and its pre-stop handler."""

    def __init__(self, spec, root, context_class, results):
        self._spec = spec
        self._root = root
        self._context_class = context_class
        self._results = results
        self._function = None
        self._pre_stop = None
        self._loops = {}
        self._awaits = spec["fidelity"]["async_handler"] == "awaited"

    def load(self):
        """Import the handler and run the initializer.

        :returns: None, or the code, the prefix and the exception of what went wrong
        """
        entry = loader.Entry(self._spec["handler"])
        try:
            module = loader.load_module(entry, self._root)
            self._function = loader.find_function(module, entry, 2)
            initializer = self._spec["initializer"] and self._initializer(module, entry)
            self._pre_stop = self._spec["pre_stop"] and getattr(
                module, loader.Entry(self._spec["pre_stop"]).function, None
            )
        except BaseException as error:
            return errors.ENTRY_FAILED, errors.ENTRY, error
        if initializer:
            host.initializing()
            try:
                result = initializer(self._context_class(self._spec["request_id"], self._spec["alias"]))
                if hasattr(result, _COROUTINE_MARK):
                    self._complete(result)
            except BaseException as error:
                return errors.INITIALIZER_FAILED, errors.INITIALIZATION, error
        return None

    def _initializer(self, module, entry):
        initializer = loader.Entry(self._spec["initializer"])
        if initializer.path != entry.path:
            raise errors.FunctionConfigError(
                "initializer '%s' must be in the file of the handler, '%s'" % (self._spec["initializer"], entry.file)
            )
        return loader.find_function(module, initializer, 1)

    def invoke(self, request_id, alias, is_asynchronous, event):
        """Call the handler.

        :param event: the event as bytes of JSON; nothing stands for an empty object
        :returns: the code and the bytes for the caller
        """
        try:
            event = codec.loads(event) if event else {}
        except (ValueError, RecursionError):
            return errors.UNREADABLE_EVENT, b""
        result = self._function(event, self._context_class(request_id, alias))
        if hasattr(result, _COROUTINE_MARK) and self._awaits:
            result = self._complete(result)
        return self._results.write(result)

    def stop(self):
        """Run the pre-stop handler."""
        if callable(self._pre_stop):
            result = self._pre_stop()
            if hasattr(result, _COROUTINE_MARK):
                self._complete(result)

    def _complete(self, coroutine):
        """Run a coroutine on the calling thread's event loop, which lives as long as the thread."""
        import asyncio
        import threading

        thread = threading.get_ident()
        loop = self._loops.get(thread)
        if loop is None or loop.is_closed():
            loop = self._loops[thread] = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(coroutine)
