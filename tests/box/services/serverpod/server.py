"""Stands for Gear Freak's Serverpod: an API that uses the database, Insights, a web page, and a log.

Log lines are `2026-01-13T00:00:00.123Z LEVEL text`, one a line, on standard output.
"""

import os
import signal
import socket
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

DATABASE = {"host": "postgres", "dbname": "gear_freak", "user": "postgres", "password": os.environ["POSTGRES_PASSWORD"]}
HEARTBEAT_SECONDS = 30


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def log(level: str, text: str) -> None:
    sys.stdout.write(f"{now()} {level} {text}\n")


def ask_database() -> int:
    """The number of products. A new connection each time, so that what is true now is what is answered."""
    connection = psycopg2.connect(connect_timeout=2, options="-c statement_timeout=2000", **DATABASE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM product")
            return cursor.fetchone()[0]
    finally:
        connection.close()


def ask_redis() -> None:
    with socket.create_connection(("redis", 6379), timeout=2) as redis:
        redis.sendall(b"INCR heartbeats\r\n")
        if not redis.recv(64).startswith(b":"):
            raise OSError("unexpected answer")


def first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        begun = time.monotonic()
        status, kind, body = self.answer()
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        elapsed = round((time.monotonic() - begun) * 1000)
        log("INFO" if status < 500 else "WARNING", f"{self.server.title} {self.command} {self.path} {status} {elapsed}ms")

    do_HEAD = do_GET

    def answer(self) -> tuple[int, str, str]:
        if self.server.title != "api":
            return 200, "text/html; charset=utf-8", f"<!doctype html><title>Gear Freak {self.server.title}</title>\n"
        if self.path != "/":
            return 404, "text/plain", "Not found\n"
        try:
            ask_database()
        except psycopg2.Error as error:
            log("ERROR", f"Failed to connect to database: {first_line(error)}")
            return 503, "text/plain", f"SERVICE UNAVAILABLE {now()}"
        return 200, "text/plain", f"OK {now()}"

    def log_message(self, *_) -> None:
        """The default access line; do_GET writes its own."""


def heartbeat() -> None:
    begun = time.monotonic()
    while True:
        time.sleep(HEARTBEAT_SECONDS)
        try:
            products = ask_database()
            ask_redis()
            log("INFO", f"Heartbeat: {products} products, up {round(time.monotonic() - begun)} s")
        except psycopg2.Error as error:
            log("ERROR", f"Failed to connect to database: {first_line(error)}")
        except OSError as error:
            log("WARNING", f"Redis is not reachable, caching is off: {error}")


def wait_for_database() -> None:
    """After a reboot all containers start at once: being early is no error."""
    for _ in range(60):
        try:
            ask_database()
            return
        except psycopg2.Error:
            log("INFO", "Waiting for the database")
            time.sleep(0.5)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, title: str, port: int) -> None:
        self.title = title
        super().__init__(("0.0.0.0", port), Handler)

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is its own business; all else is an error of ours, on one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            log("ERROR", f"Unhandled exception: {error!r}")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: (log("INFO", "Shutting down"), os._exit(0)))
    log("INFO", "SERVERPOD starting, mode production, server id default")
    wait_for_database()
    for title, port in (("insights", 8081), ("web", 8082)):
        threading.Thread(target=Server(title, port).serve_forever, daemon=True).start()
    threading.Thread(target=heartbeat, daemon=True).start()
    log("INFO", "Listening on 8080 (api), 8081 (insights), 8082 (web)")
    Server("api", 8080).serve_forever()


main()
