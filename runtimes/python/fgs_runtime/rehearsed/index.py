"""What ``rehearsal`` loads and calls: a handler that does what most do."""


class Handler:
    def __init__(self, name):
        self.name = name

    def answer(self, event):
        return {"name": self.name, **{key: value for key, value in event.items()}}


def handler(event, context):
    try:
        return Handler("%s %d" % (context.getFunctionName(), len(event))).answer(event)
    except ValueError as error:
        return str(error)
