"""What runs beside a user's handler: the context, the logger, loading, calling, error objects.

The host (``fgs-python-worker``) imports ``zygote`` once and forks; in the child it calls ``instance.load`` once and
``instance.invoke`` for every request.
"""
