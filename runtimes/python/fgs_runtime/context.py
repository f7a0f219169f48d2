"""The context object, the second argument of every handler."""

import logging
import time


class Context:
    """What a handler can ask about itself and its invocation.

    Facts of the function are attributes of a subclass made once per instance; an invocation adds only what
    differs between invocations, so that making a context costs next to nothing.
    """

    function_name = ""
    package = ""
    project_id = ""
    function_version = ""
    memory = "0"
    cpu = "0"
    user_data = {}
    timeout = 3000
    access_key = ""
    secret_key = ""
    security_access_key = ""
    security_secret_key = ""
    security_token = ""
    auth_token = ""
    alias = ""
    invoke_property = None
    from_task = False
    instance_id = None
    state = None
    workflow_id = ""
    workflow_run_id = ""
    workflow_state_id = ""
    running_time_divisor = 1

    def __init__(self, request_id="", alias=""):
        self.request_id = request_id
        self.alias = alias
        self.start_time = time.time_ns() // 1000000

    @property
    def invoke_id(self):
        return self.request_id

    @property
    def trace_id(self):
        return self.request_id

    @property
    def logger(self):
        return logging.getLogger()

    def getRequestID(self):
        return self.request_id

    def getRemainingTimeInMilliSeconds(self):
        return self.timeout + self.start_time - time.time_ns() // 1000000

    def getAccessKey(self):
        """Deprecated by the platform, and empty."""
        return ""

    def getSecretKey(self):
        """Deprecated by the platform, and empty."""
        return ""

    def getSecurityAccessKey(self):
        return self.security_access_key

    def getSecuritySecretKey(self):
        return self.security_secret_key

    def getSecurityToken(self):
        return self.security_token

    def getToken(self):
        return self.auth_token

    def getUserData(self, key, default=None):
        return self.user_data.get(key, default)

    def getFunctionName(self):
        return self.function_name

    def getRunningTimeInSeconds(self):
        """The timeout. The platform's own package returns milliseconds under this name."""
        return self.timeout // self.running_time_divisor

    def getVersion(self):
        return self.function_version

    def getMemorySize(self):
        return self.memory

    def getCPUNumber(self):
        return self.cpu

    def getPackage(self):
        return self.package

    def getProjectID(self):
        return self.project_id

    def getAlias(self):
        return self.alias

    def getLogger(self):
        return logging.getLogger()

    def getWorkflowID(self):
        return self.workflow_id

    def getWorkflowRunID(self):
        return self.workflow_run_id

    def getWorkflowStateID(self):
        return self.workflow_state_id

    def get_state(self):
        return self.state

    def set_state(self, value):
        self.state = value

    def get_instance_id(self):
        return self.instance_id

    def set_instance_id(self, value):
        self.instance_id = value

    def get_invoke_id(self):
        return self.request_id

    def get_trace_id(self):
        return self.request_id

    def get_invoke_property(self):
        return self.invoke_property

    # The sibling runtimes spell these in camel case.
    getState = get_state
    setState = set_state
    getInstanceID = get_instance_id
    getInvokeID = get_invoke_id
    getTraceID = get_trace_id
    getInvokeProperty = get_invoke_property


def context_class(facts, user_data, running_time):
    """The class of one function's contexts.

    :param facts: the attributes that are the same for every invocation
    :param user_data: the function's environment variables
    :param running_time: ``milliseconds`` or ``seconds``, see ``getRunningTimeInSeconds``
    """
    attributes = dict(facts)
    attributes["user_data"] = user_data
    attributes["running_time_divisor"] = 1000 if running_time == "seconds" else 1
    return type("Context", (Context,), attributes)
