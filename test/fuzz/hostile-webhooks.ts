/** A webhook server that answers everything but what it should. */
import type { Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Pki } from "@berth/apiserver";
import { HOOKS } from "./extensions.ts";
import type { Random } from "./random.ts";
import type { Ask } from "./road.ts";
import { NAMESPACE } from "./samples.ts";
import { hostileBody, strange } from "./values.ts";

export interface HostileWebhooks extends AsyncDisposable {
	/** What installs them: one mutating webhook for each value of the label `hook` on config maps of the namespace. */
	readonly install: Ask;
}

export async function startHostileWebhooks(pki: Pki, random: () => Random): Promise<HostileWebhooks> {
	const { certificatePem: cert, keyPem: key } = await pki.servingCertificate(["127.0.0.1"]);
	const server: Server = createServer({ cert, key }, (request, response) => {
		request.on("error", () => {}).resume();
		response.on("error", () => {});
		request.on("end", () => {
			const chance = random();
			const headers = { "content-type": "application/json" };
			chance.one<unknown>(
				() => response.writeHead(200, headers).end(JSON.stringify(review(chance))),
				() => response.writeHead(200, headers).end(JSON.stringify(review(chance))),
				() => response.writeHead(200, headers).end(hostileBody(chance)),
				() => response.writeHead(200, headers).end(Buffer.alloc(8 * 1024 * 1024, "[")),
				() => response.writeHead(200, { ...headers, "content-length": "9999999" }).write("{"),
				() => response.writeHead(chance.pick([204, 301, 302, 404, 500, 999]), { location: "/" }).end("{}"),
				() => response.writeHead(200, { ...headers, "content-encoding": "gzip" }).end("{}"),
				() => drip(response),
				() => response.socket?.destroy(),
			);
		});
	});
	server.on("clientError", (_, socket) => socket.destroy());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const configuration = {
		metadata: { name: "fuzz-hostile" },
		webhooks: Array.from({ length: HOOKS }, (_, hook) => ({
			name: `hook${hook}.fuzz.example`,
			clientConfig: {
				url: `https://127.0.0.1:${port}/${hook}`,
				caBundle: Buffer.from(pki.caPem).toString("base64"),
			},
			rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] }],
			objectSelector: { matchLabels: { hook: `${hook}` } },
			namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": NAMESPACE } },
			failurePolicy: hook % 2 ? "Ignore" : "Fail",
			sideEffects: "None",
			timeoutSeconds: 2,
			admissionReviewVersions: ["v1"],
		})),
	};
	return {
		install: {
			method: "POST",
			path: "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
			body: JSON.stringify(configuration),
		},
		[Symbol.asyncDispose]: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

function review(random: Random): unknown {
	const operation = () => ({
		op: random.pick(["add", "copy", "move", "remove"]),
		path: random.pick([
			"/data/x",
			"/metadata/annotations",
			"/metadata/name",
			"/__proto__/polluted",
			"/kind",
			"/data",
		]),
		from: random.pick(["/data", "/metadata"]),
		value: strange(random),
	});
	// Each copies all that is there into itself: doubles it.
	const bomb = Array.from({ length: 40 }, (_, i) => ({ op: "copy", from: "/data", path: `/data/x${i}` }));
	const patch = random.one<unknown>(
		() => random.times(5, operation),
		() => bomb,
		() => Array.from({ length: 100_000 }, () => ({ op: "test", path: "/kind", value: "ConfigMap" })),
		() => strange(random),
	);
	const text = random.chance(0.9) ? Buffer.from(JSON.stringify(patch)).toString("base64") : "!!!";
	return {
		apiVersion: random.pick(["admission.k8s.io/v1", "admission.k8s.io/v1", "x"]),
		kind: "AdmissionReview",
		response: {
			uid: random.pick(["x", 7]),
			allowed: random.pick([true, true, false, "yes"]),
			patchType: random.pick(["JSONPatch", "JSONPatch", "x"]),
			patch: text,
			warnings: random.times(3, () =>
				random.pick(["w", "a\r\nX-Injected: yes", "x".repeat(100_000), strange(random)]),
			),
			auditAnnotations: strange(random),
			status: random.chance(0.5)
				? {
						code: random.pick([200, 403, 600, -1, 99, 204, "x"]),
						message: "m\r\nX-Injected: yes",
						reason: strange(random),
					}
				: strange(random),
		},
	};
}

/** A byte now and then, for as long as anybody listens. */
function drip(response: {
	write(chunk: string): boolean;
	on(event: "close", act: () => void): unknown;
}): void {
	const dripping = setInterval(() => response.write(" "), 100);
	response.on("close", () => clearInterval(dripping));
}
