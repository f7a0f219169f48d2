import os

tally = None


def handler(event, context):
    """Adds one byte to the file named in the event, so that runs nobody waits for can be counted."""
    global tally
    if tally is None:
        tally = os.open(event["tally"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(tally, b".")
    return None
