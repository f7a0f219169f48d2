"""nginx answering a fixed text: the floor of HTTP on this machine."""

import subprocess

from ..function import Function
from ..http_client import Target, free_port
from .contender import Service

_CONFIGURATION = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{port};
        default_type application/json;
        location / {{ return 200 '{{"status":"ok","python":"3.11.2","processes":3}}'; }}
    }}
}}
"""


class Nginx:
    name = "nginx, return 200"
    about = "a fixed answer of one worker, without any function: the floor of HTTP"

    def version(self) -> str:
        return subprocess.run(
            ["nginx", "-v"], capture_output=True, text=True, check=True
        ).stderr.strip().rpartition(": ")[2].replace("/", " ")

    def launch(self, function: Function) -> Service:
        port = free_port()
        service = Service(self.name, port, Target(port, "/"))
        configuration = service.directory / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(port=port))
        return service.start(["nginx", "-p", str(service.directory), "-c", str(configuration)])
