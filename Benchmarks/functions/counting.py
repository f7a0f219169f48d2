import socket

tally = None


def handler(event, context):
    """Sends one byte to the port in the event, so that runs nobody waits for can be counted; or waits for one."""
    global tally
    if "wait" in event:
        with socket.create_connection(("127.0.0.1", event["wait"])) as gate:
            gate.recv(1)
        return None
    if tally is None:
        tally = socket.create_connection(("127.0.0.1", event["port"]))
    tally.send(b".")
    return None
