"""The smallest application that the server can run: it greets, and answers its health check."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeting(BaseHTTPRequestHandler):
    """Answers every path; /health only says that it is alive."""

    def do_GET(self) -> None:
        """Writes the greeting."""
        body = b"ok\n" if self.path == "/health" else f"{os.environ.get('GREETING', 'hi')}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # Inside its container it must listen on every address; only nginx reaches that network.
    ThreadingHTTPServer(("0.0.0.0", 8000), Greeting).serve_forever()  # noqa: S104
