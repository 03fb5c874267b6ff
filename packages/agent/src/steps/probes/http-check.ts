/** Does the answer to a GET begin with 2 or 3? */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HTTPGetAction } from "@berth/api";
import { type CheckResult, type CheckTarget, dialError, failed, PASSED, portOf } from "./result.ts";

const MOST_REDIRECTS = 10;
/** Characters of a redirect's text that are told. */
const MOST_BODY = 10_240;

/** The signal is the timeout. Redirects are followed on the same host only. */
export async function checkHttp(
	action: HTTPGetAction,
	target: CheckTarget,
	signal: AbortSignal,
): Promise<CheckResult> {
	const port = portOf(action.port, target);
	if (port === undefined) return failed(`couldn't find port: ${action.port}`);
	let url = urlOf(action, target, port);
	for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
		const answer = await get(url, headersOf(action), signal);
		if (typeof answer === "string") return failed(answer);
		const { status, location, body } = answer;
		if (status < 200 || status >= 400) return failed(`HTTP probe failed with statuscode: ${status}`);
		if (status < 300) return PASSED;
		const next = location && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
		// Another host's health is not this container's.
		if (next?.hostname !== url.hostname)
			return { ...PASSED, warning: `Probe terminated redirects, Response body: ${body}` };
		url = next;
	}
	return failed(`Get "${url}": stopped after ${MOST_REDIRECTS} redirects`);
}

function urlOf({ scheme = "HTTP", host, path = "/" }: HTTPGetAction, target: CheckTarget, port: number): URL {
	const name = host || target.host;
	const base = `${scheme.toLowerCase()}://${name.includes(":") ? `[${name}]` : name}:${port}`;
	const rest = path.startsWith("/") ? path : `/${path}`;
	return new URL(base + rest);
}

function headersOf({ httpHeaders = [] }: HTTPGetAction): Readonly<Record<string, string>> {
	const own = Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value]));
	return { "user-agent": "kube-probe/1.36", accept: "*/*", connection: "close", ...own };
}

interface Answer {
	readonly status: number;
	readonly location: string | undefined;
	/** Of a redirect; what others say is not read. */
	readonly body: string;
}

/** The answer's head, or why there is none. */
function get(
	url: URL,
	headers: Readonly<Record<string, string>>,
	signal: AbortSignal,
): Promise<Answer | string> {
	const host = url.hostname.replace(/^\[|\]$/g, "");
	const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
	return new Promise((resolve) => {
		const fail = (error: unknown) => {
			const late = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
			resolve(`Get "${url}": ${signal.aborted ? late : dialError(error, host, port)}`);
		};
		const options = { host, port, path: url.pathname + url.search, headers, signal, agent: false };
		const received = (response: IncomingMessage) => {
			const { statusCode: status = 0, headers: answered } = response;
			response.on("error", () => {});
			const answer = { status, location: answered.location, body: "" };
			if (status < 300 || status >= 400) {
				resolve(answer);
				response.destroy();
				return;
			}
			const end = () => resolve(answer);
			response.on("data", (chunk: Buffer) => {
				answer.body += chunk.toString();
				if (answer.body.length >= MOST_BODY) response.destroy();
			});
			response.once("close", end).once("end", end);
		};
		// A pod's certificate is nobody's business here: who answers is known by the address.
		const request =
			url.protocol === "https:"
				? httpsRequest({ ...options, rejectUnauthorized: false }, received)
				: httpRequest(options, received);
		request.on("error", fail);
		request.end();
	});
}
