import datetime
import json

import requests


def handler(event, context):
    return {"version": requests.__version__, "year": datetime.MAXYEAR, "event": json.dumps(event)}
