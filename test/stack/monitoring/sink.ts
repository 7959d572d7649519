import { eventually } from '../eventually.ts';
import { must } from '../run.ts';

/** What Alertmanager sends to a webhook, as far as a test reads it. */
type Message = {
  readonly path: string;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
};
export type Alert = Message['alerts'][number] & { readonly path: string };

const program = `
import gzip, http.server, json
received = []
lines = []
refused = False
class Sink(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global refused
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path in ("/refuse", "/accept"):
            refused = self.path == "/refuse"
            body = b'{"alerts": []}'
        elif self.path.startswith("/otlp"):
            if not refused:
                # Text is as it is in what OTLP sends.
                lines.append(gzip.decompress(body).decode("latin-1"))
            self.send_response(503 if refused else 200)
            self.end_headers()
            return
        body = json.loads(body)
        received.append({"path": self.path, "alerts": body["alerts"]})
        self.send_response(200)
        self.end_headers()
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(lines if self.path == "/lines" else received).encode())
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("", 8080), Sink).serve_forever()
`;

/** A server on the network of the alerts, under the name `sink`, that keeps what it is sent. */
export class Sink {
  readonly #address: string;

  private constructor(address: string) {
    this.#address = address;
  }

  static async start(project: string): Promise<Sink> {
    const name = `${project}-sink`;
    // By this label it is removed with the project.
    const label = `com.docker.compose.project=${project}`;
    const network = ['--network', `${project}_alerts`, '--network-alias', 'sink'];
    await must('docker', [
      ...['run', '--detach', '--name', name, '--label', label, ...network, '--read-only', '--cap-drop', 'ALL'],
      ...['--user', '65534:65534', 'python:3.13-slim', 'python', '-c', program],
    ]);
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const { stdout } = await must('docker', ['inspect', '--format', format, name]);
    const sink = new Sink(stdout.trim());
    await eventually('the sink listens', 30, () => sink.alerts());
    return sink;
  }

  /** What came to /otlp, as Loki would get it. */
  async logs(): Promise<string> {
    const reply = await fetch(`http://${this.#address}:8080/lines`);
    return ((await reply.json()) as string[]).join('\n');
  }

  /** From now on Loki is away, or there again. */
  async become(what: 'accept' | 'refuse'): Promise<void> {
    await fetch(`http://${this.#address}:8080/${what}`, { method: 'POST' });
  }

  /** All alerts that have arrived, in order. */
  async alerts(): Promise<readonly Alert[]> {
    const reply = await fetch(`http://${this.#address}:8080/`);
    const messages = (await reply.json()) as Message[];
    return messages.flatMap(({ path, alerts }) => alerts.map((alert) => ({ ...alert, path })));
  }
}
