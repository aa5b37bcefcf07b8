"""A server between the tap and the fake GitHub, which keeps what was asked by GraphQL, and the answers."""

import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Of one connection only, or of what the other side made of the body.
NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "accept-encoding"}


class Between:
    """Passes everything on to `url`; `asked` holds each query, its variables and its answer."""

    def __init__(self, url):
        self.behind, self.asked = url, []
        handler = type("Handler", (Handler,), {"between": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._pass_on(None)

    def do_POST(self):
        self._pass_on(self.rfile.read(int(self.headers["content-length"])))

    def _pass_on(self, body):
        headers = {k: v for k, v in self.headers.items() if k.lower() not in NOT_PASSED_ON}
        request = urllib.request.Request(self.between.behind + self.path, body, headers)
        try:
            reply = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            answer = reply.read()
        if body and reply.status == 200:
            self.between.asked.append((json.loads(body), json.loads(answer)))
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass
