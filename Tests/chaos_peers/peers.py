"""How often one wish is paid for when the provider takes the order and its reply is lost.

One emulated provider, three clients with their default settings: LiteLLM's router, fal's client, and faregate.
The provider makes and bills a task for every submission that arrives, and ends the connection without a byte.

    python peers.py PATH-TO-FAREGATE
"""

import asyncio
import http.server
import logging
import os
import subprocess
import sys
import tempfile
import threading


class Provider(http.server.BaseHTTPRequestHandler):
    """Takes every order and loses every reply."""

    protocol_version = "HTTP/1.1"
    paid = 0
    lock = threading.Lock()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with Provider.lock:
            Provider.paid += 1
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_):
        pass


def paid_by(name, wish):
    """Runs one wish and counts the submissions that were paid for."""
    Provider.paid = 0
    outcome = "a result"
    try:
        outcome = wish() or outcome
    except Exception as error:  # what a program that uses the client would see
        outcome = type(error).__name__
    print(f"  {name:<44}{Provider.paid:>4}   {outcome}")
    return Provider.paid


def litellm_router(base, fallback=False):
    import litellm

    litellm.suppress_debug_info = True
    logging.disable(logging.CRITICAL)
    models = [
        {"model_name": name, "litellm_params": {"model": "openai/sora-2", "api_base": base + "/v1", "api_key": "k"}}
        for name in (["clip", "other"] if fallback else ["clip"])
    ]
    router = litellm.Router(model_list=models, fallbacks=[{"clip": ["other"]}] if fallback else [])
    asyncio.run(router.avideo_generation(model="clip", prompt="a paper boat"))


def fal(base):
    import fal_client.client as client

    # The one thing that is not a default: where the queue is.
    client.QUEUE_URL_FORMAT = base + "/"
    client.SyncClient(key="k").submit("vendor/clip", arguments={"prompt": "a paper boat"})


def faregate(base, program):
    with tempfile.TemporaryDirectory() as state:
        environment = {
            **os.environ, "FAREGATE_STATE": state, "FAREGATE_NINJACHAT_BASE_URL": base,
            "FAREGATE_NINJACHAT_API_KEY": "k",
        }
        run = [program, "run", "-p", "ninjachat", "-o", state, "--format", "json",
               '{"model": "veo-3.1-fast", "prompt": "a paper boat"}']
        first = subprocess.run(run, env=environment, capture_output=True, text=True)
        # And once more, as after a crash: what is in doubt is not sent again.
        subprocess.run([program, "run", "--resume"], env=environment, capture_output=True)
        if '"outcome": "unknown"' not in first.stdout:
            raise SystemExit(first.stdout + first.stderr)
        return "outcome unknown, budget held"


def main():
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    print("one wish, every reply lost after acceptance: paid submissions, and what the caller is told")
    paid_by("LiteLLM's router", lambda: litellm_router(base))
    paid_by("LiteLLM's router with one fallback", lambda: litellm_router(base, fallback=True))
    paid_by("fal's client", lambda: fal(base))
    ours = paid_by("faregate run, then run --resume", lambda: faregate(base, sys.argv[1]))
    sys.exit(0 if ours == 1 else 1)


if __name__ == "__main__":
    main()
