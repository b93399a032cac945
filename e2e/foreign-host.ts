import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

const PREFIX = "/statistics";
/** Nothing from anywhere else, nothing inline, and no pictures from `data:`. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'";
const ICON = "/favicon.ico";
const STYLES = "/theme.css";

/** Rules that reach for everything, as themes of repositories do. */
const THEME = `html{font-size:10px;color-scheme:light dark} body{font:italic 20px serif} *{letter-spacing:1px}
button,.btn{background:red!important;padding:30px!important} svg{display:none!important} table{background:pink!important}
[popover],[role=menu],[role=dialog],.pop,.cs-root{display:none!important} .card{border:9px solid blue!important}`;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Repository</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="${ICON}"><link rel="stylesheet" href="${STYLES}">
<script type="module" src="${PREFIX}/stats/community-stats.js"></script></head>
<body><button id="own">Own</button><main><community-stats layout="SingleStatViews TrafficStatsChart" view="by=month" without="head"></community-stats></main></body></html>`;

export interface ForeignHost {
  readonly url: string;
  stop(): Promise<void>;
}

/** A host with a strict content security policy, which shows the service below a folder of its own. */
export async function startForeignHost(service: string): Promise<ForeignHost> {
  const server = createServer((incoming, response) => {
    const { url = "/" } = incoming;
    if (url.startsWith(`${PREFIX}/`)) pass(service + url.slice(PREFIX.length), incoming, response);
    else own(url, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}/records/1`, stop: () => stopped(server) };
}

function pass(to: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method = "GET", headers } = incoming;
  const onward = request(to, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

function own(url: string, response: ServerResponse): void {
  if (url === ICON) return void response.writeHead(204).end();
  const [type, body] = url === STYLES ? ["text/css", THEME] : ["text/html", PAGE];
  response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The host has no port.");
  return address.port;
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
