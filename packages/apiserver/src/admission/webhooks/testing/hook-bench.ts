/** An API server and webhooks that tests configure one by one. */
import { answering, type FarServer, startFarServer } from "../../../http/testing/far-server.ts";
import { type Reply, startTestServer, type TestServer } from "../../../http/testing/test-server.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
export const NS = "/api/v1/namespaces/default";
export const MERGE = { "content-type": "application/merge-patch+json" };

// biome-ignore lint/suspicious/noExplicitAny: tests look at questions of every shape
export type Request = any;

export interface Wanted {
	/** Of the webhook, and of the path where it is asked. */
	readonly name: string;
	/** It is asked about objects with this value of the label `test`; empty: about all. */
	readonly label: string;
	/** Default: allowed. Undefined: nothing, ever. */
	readonly answer?: (request: Request) => object | undefined;
	readonly mutating?: boolean;
	/** Name of the configuration; default that of the webhook. */
	readonly config?: string;
}

export interface HookBench extends AsyncDisposable {
	readonly server: TestServer;
	readonly far: FarServer;
	/** `more`: further fields of the webhook. Its rule is about config maps unless that says otherwise. */
	configure(wanted: Wanted, more?: object): Promise<{ remove(): Promise<Reply> }>;
	/** What the webhook of this name was asked, in order. */
	questions(name: string): { readonly url: string; readonly request: Request }[];
	/** A config map with this value of the label `test`. */
	make(label: string, name: string, body?: object, query?: string): Promise<Reply>;
}

export const patchOf = (...operations: object[]) => ({
	allowed: true,
	patchType: "JSONPatch",
	patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
});

export const ruleFor = (resources: readonly string[], apiGroups = [""], operations = ["*"]) => [
	{ operations, apiGroups, apiVersions: ["*"], resources, scope: "*" },
];

export async function startHookBench(): Promise<HookBench> {
	const server = await startTestServer();
	await server.ask("POST", `${NS}/serviceaccounts`, { body: { metadata: { name: "default" } } });
	const asked: { readonly path: string; readonly url: string; readonly request: Request }[] = [];
	const answers = new Map<string, (request: Request) => object | undefined>();
	const far = await startFarServer(
		answering((review, { url = "" }) => {
			const path = url.split("?", 1)[0] ?? "";
			asked.push({ path, url, request: review.request });
			const response = answers.get(path)?.(review.request);
			return (
				response && { ...review, request: undefined, response: { uid: review.request.uid, ...response } }
			);
		}),
	);
	return {
		server,
		far,
		configure: async ({ name, label, answer = () => ({ allowed: true }), mutating, config = name }, more) => {
			answers.set(`/${name}`, answer);
			const kind = mutating ? "mutatingwebhookconfigurations" : "validatingwebhookconfigurations";
			const webhook = {
				name: `${name}.example.com`,
				clientConfig: { url: `${far.url}/${name}`, caBundle: far.caBundle },
				rules: ruleFor(["configmaps"]),
				objectSelector: label ? { matchLabels: { test: label } } : {},
				sideEffects: "None",
				admissionReviewVersions: ["v1"],
				timeoutSeconds: 5,
				...more,
			};
			const body = { metadata: { name: config }, webhooks: [webhook] };
			const reply = await server.ask("POST", `${GROUP}/${kind}`, { body });
			if (reply.code !== 201) throw new Error(reply.text);
			return { remove: () => server.ask("DELETE", `${GROUP}/${kind}/${config}`) };
		},
		questions: (name) => asked.filter(({ path }) => path === `/${name}`),
		make: (label, name, body = {}, query = "") =>
			server.ask("POST", `${NS}/configmaps${query}`, {
				body: { metadata: { name, labels: { test: label } }, ...body },
			}),
		[Symbol.asyncDispose]: async () => {
			await server[Symbol.asyncDispose]();
			await far[Symbol.asyncDispose]();
		},
	};
}
