/** What the middleware of `server.ts` hand to each other on a request's way. */
import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { UserInfo } from "@berth/api";
import type Koa from "koa";
import type { RequestInfo } from "./request-info.ts";

export interface State {
	/** Names this request in the log and in the answer's Audit-Id header. */
	auditId: string;
	request: RequestInfo;
	/** Who asks, after impersonation. */
	user: UserInfo;
	/** Aborts when the client is gone, the request is out of time, or the server stops. */
	signal: AbortSignal;
}

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;
export type AnyRequest = IncomingMessage | Http2ServerRequest;
