import { type Container, Secret } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
import type { ContainerSpec } from "../../runtime/container-spec.ts";
import { createFakeRuntime } from "../../runtime/fake.ts";
import type { ContainerScope } from "../step.ts";
import { credentialsFor } from "./credentials.ts";
import { imagesStep } from "./images.ts";
import { createImagePuller } from "./puller.ts";
import { parseReference } from "./reference.ts";

test("names of images", (t) => {
	const parsed = (image: string) => parseReference(image);
	t.deepEqual(parsed("nginx"), { registry: "docker.io", full: "nginx:latest" });
	t.deepEqual(parsed("library/nginx:1.27"), { registry: "docker.io", full: "library/nginx:1.27" });
	t.deepEqual(parsed("ghcr.io/a/b"), { registry: "ghcr.io", full: "ghcr.io/a/b:latest" });
	t.deepEqual(parsed("localhost:5000/a"), { registry: "localhost:5000", full: "localhost:5000/a:latest" });
	t.deepEqual(parsed("localhost/a:1"), { registry: "localhost", full: "localhost/a:1" });
	const digest = `busybox@sha256:${"a".repeat(64)}`;
	t.is(parsed(digest)?.full, digest);
	for (const bad of ["", "Nginx", "a b", "a:b:c", "-a", "a/", "http://a/b"])
		t.is(parsed(bad), undefined, bad);
});

const secretOf = (type: string, data: Readonly<Record<string, string>>): Secret => ({
	apiVersion: "v1",
	kind: "Secret",
	metadata: podOf().metadata,
	type,
	data: Object.fromEntries(
		Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
	),
});

test("credentials are found by registry, and nonsense is passed over", (t) => {
	const auth = Buffer.from("jane:se:cret").toString("base64");
	const secrets = [
		secretOf("kubernetes.io/dockerconfigjson", { ".dockerconfigjson": "{not json" }),
		secretOf("kubernetes.io/dockerconfigjson", {
			".dockerconfigjson": JSON.stringify({
				auths: { "https://index.docker.io/v1/": { auth }, "ghcr.io": { username: "a", password: "b" } },
			}),
		}),
		secretOf("kubernetes.io/dockercfg", {
			".dockercfg": JSON.stringify({ "old.example:5000": { identitytoken: "t" } }),
		}),
	];
	t.like(credentialsFor("docker.io", secrets), { username: "jane", password: "se:cret" });
	t.like(credentialsFor("ghcr.io", secrets), { username: "a", password: "b", server: "ghcr.io" });
	t.like(credentialsFor("old.example:5000", secrets), { identityToken: "t" });
	t.is(credentialsFor("quay.io", secrets), undefined);
});

function setUp() {
	const clock = createFakeClock();
	const runtime = createFakeRuntime({ clock, images: ["here:1"], registry: ["there:1", "bare:latest"] });
	const events: string[] = [];
	const parts = new Set<string | undefined>();
	const record = (type: string) => (_: unknown, reason: string, message: string, part?: string) => {
		events.push(`${type} ${reason} ${message}`);
		parts.add(part);
	};
	const puller = createImagePuller({
		runtime,
		client: createClient(createFakeServer({ kinds: [Secret] })),
		events: { normal: record("Normal"), warning: record("Warning") },
		clock,
		serializeImagePulls: true,
	});
	const step = imagesStep({ puller });
	const ensure = async (container: Partial<Container>) => {
		const scope = {
			pod: podOf(),
			container: { name: "a", ...container },
			signal: new AbortController().signal,
		} as unknown as ContainerScope;
		await step.container?.({} as ContainerSpec, scope);
	};
	return { runtime, events, parts, ensure };
}

test("pulled as the policy says", async (t) => {
	const { runtime, events, parts, ensure } = setUp();
	await ensure({ image: "here:1", imagePullPolicy: "IfNotPresent" });
	t.deepEqual(runtime.pulls, []);
	await ensure({ image: "there:1", imagePullPolicy: "IfNotPresent" });
	await ensure({ image: "bare", imagePullPolicy: "Always" });
	t.deepEqual(runtime.pulls, ["there:1", "bare:latest"]);
	t.deepEqual(events.slice(0, 3), [
		'Normal Pulled Container image "here:1" already present on machine',
		'Normal Pulling Pulling image "there:1"',
		'Normal Pulled Successfully pulled image "there:1" in 0ms (0ms including waiting). Image size: 1000 bytes.',
	]);
	t.deepEqual([...parts], ["spec.containers{a}"]);
});

test("one at a time, and what another has brought is not pulled again", async (t) => {
	const { runtime, events, ensure } = setUp();
	await Promise.all([
		ensure({ image: "there:1" }),
		ensure({ image: "bare:latest" }),
		ensure({ image: "there:1" }),
	]);
	t.deepEqual(runtime.pulls, ["there:1", "bare:latest"]);
	t.is(events.at(-1), 'Normal Pulled Container image "there:1" already present on machine');
	await t.throwsAsync(ensure({ image: "none:1" }));
	await ensure({ image: "bare", imagePullPolicy: "Always" });
	t.is(runtime.pulls.at(-1), "bare:latest", "a failure holds up nobody");
});

test("what cannot be had says why", async (t) => {
	const { events, ensure } = setUp();
	await t.throwsAsync(ensure({ image: "none:1", imagePullPolicy: "Never" }), {
		name: "StepError",
		message: 'Container image "none:1" is not present with pull policy of Never',
	});
	const error = await t.throwsAsync(ensure({ image: "none:1" }));
	t.like(error, { reason: "ErrImagePull", message: "manifest for none:1 not found: manifest unknown" });
	t.like(await t.throwsAsync(ensure({ image: "Not An Image" })), { reason: "InvalidImageName" });
	t.true(
		events.includes(
			'Warning Failed Failed to pull image "none:1": manifest for none:1 not found: manifest unknown',
		),
	);
	t.true(
		events.includes(
			'Warning ErrImageNeverPull Container image "none:1" is not present with pull policy of Never',
		),
	);
});
