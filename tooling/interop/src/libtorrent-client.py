"""libtorrent as a process: commands as JSON lines on stdin, events as JSON lines on stdout.

Run it with the Python that python3-libtorrent belongs to (Debian's /usr/bin/python3).

    libtorrent-client.py HOST PORT [SETTINGS]

SETTINGS is a JSON object of libtorrent's own settings, over the ones below.

Commands ("do"):
    add      torrent (path) or magnet, folder, peers [[host, port], ...], trusted (true: do not hash what is there)
    connect  peers
    limit    up, down (bytes a second, 0 for none)
    peers    answered by an event "peers"
    status   answered by an event "status"

Events ("event"): listening (port), finished (seconds since "add"), metadata, peers, status (uploaded, downloaded: bytes of
payload), error (message).
"""

import json
import sys
import threading
import time

import libtorrent as lt

# Everything but plain TCP to the peers we name is off: no DHT, no multicast, no router, no uTP, no encryption.
QUIET = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "enable_incoming_utp": False,
    "in_enc_policy": 2,
    "out_enc_policy": 2,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
}

POLL_SECONDS = 0.01


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Client:
    def __init__(self, host, port, settings):
        place = {"listen_interfaces": f"{host}:{port}", "outgoing_interfaces": host}
        self.session = lt.session({**QUIET, **place, **settings})
        self.handle = None
        self.started = 0.0
        self.is_finished = False

    def add(self, command):
        if "magnet" in command:
            parameters = lt.parse_magnet_uri(command["magnet"])
        else:
            parameters = lt.add_torrent_params()
            parameters.ti = lt.torrent_info(command["torrent"])
        parameters.save_path = command["folder"]
        if command.get("trusted"):
            parameters.flags |= lt.torrent_flags.seed_mode
        self.started = time.monotonic()
        self.handle = self.session.add_torrent(parameters)
        self.connect(command)

    def connect(self, command):
        for host, port in command.get("peers", []):
            self.handle.connect_peer((host, port))

    def limit(self, command):
        # Local addresses are in a class without limits of their own: put everybody into the class of the session.
        classes = lt.ip_filter()
        classes.add_rule("0.0.0.0", "255.255.255.255", 1 << int(self.session.global_peer_class_id))
        self.session.set_peer_class_filter(classes)
        self.session.apply_settings(
            {"upload_rate_limit": command.get("up", 0), "download_rate_limit": command.get("down", 0)}
        )

    def peers(self, _command):
        say("peers", peers=[describe(peer) for peer in self.handle.get_peer_info()])

    def status(self, command):
        status = self.handle.status()
        say("status", question=command["question"], uploaded=status.total_payload_upload, downloaded=status.total_payload_download)

    def handle_alert(self, alert):
        if isinstance(alert, lt.listen_succeeded_alert):
            if "TCP" in str(alert).upper():
                say("listening", port=alert.port)
        elif isinstance(alert, lt.metadata_received_alert):
            say("metadata")
        elif "failed" in type(alert).__name__ or isinstance(alert, lt.torrent_error_alert):
            say("error", message=str(alert))
        self.check_finished()

    def check_finished(self):
        if self.handle is None or self.is_finished or not self.handle.status(0).is_seeding:
            return
        self.is_finished = True
        say("finished", seconds=time.monotonic() - self.started)


def describe(peer):
    host, port = peer.ip
    return {
        "host": host,
        "port": port,
        "client": peer.client.decode("utf-8", "replace"),
        "fromPex": bool(peer.source & lt.peer_info.pex),
        "downBytes": peer.total_download,
        "upBytes": peer.total_upload,
    }


def main():
    host, port = sys.argv[1], int(sys.argv[2])
    client = Client(host, port, json.loads(sys.argv[3]) if len(sys.argv) > 3 else {})

    def read_commands():
        for line in sys.stdin:
            command = json.loads(line)
            try:
                getattr(client, command["do"])(command)
            except Exception as error:  # reported to the driver, whose test then fails with these words
                say("error", message=f"{command['do']}: {error}")

    threading.Thread(target=read_commands, daemon=True).start()
    while True:
        # Not session.wait_for_alert: libtorrent 2.0 gives it the address of the first alert in a queue that moves when it
        # grows, and the binding looks there for the alert's type. It crashed in one start of about a hundred.
        time.sleep(POLL_SECONDS)
        for alert in client.session.pop_alerts():
            client.handle_alert(alert)
        client.check_finished()


main()
