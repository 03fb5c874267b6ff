/** The runtime's conformance on a real Docker: BERTH_TEST_DOCKER is the path of its socket. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { ensureTestImage, IMAGE } from "../fake-cluster.ts";
import { createDockerRuntime } from "./docker.ts";
import { ALL_RIGHTS, hostRights } from "./host-rights.ts";
import { testRuntime } from "./runtime.conformance.ts";
import { tarOfFile } from "./tar.ts";

const socket = process.env.BERTH_TEST_DOCKER ?? "/var/run/docker.sock";

test.before(async () => {
	const directory = await mkdtemp(join(tmpdir(), "berth-image-"));
	await ensureTestImage(directory);
	await rm(directory, { recursive: true });
});

const create = async () => createDockerRuntime({ socket, rights: await hostRights() });
testRuntime(test, { create, image: IMAGE });

test.serial("an image of one file", async (t) => {
	const runtime = await create();
	const reference = "berth-test/one-file:1";
	await runtime.importImage(reference, tarOfFile("note", 0o644, Buffer.from("x")), ["/note"]);
	t.truthy(await runtime.image(reference));
	await promisify(execFile)("docker", ["-H", `unix://${socket}`, "rmi", reference]);
	await runtime.close();
});

test.serial("an engine that is not there", async (t) => {
	const runtime = createDockerRuntime({ socket: "/nowhere.sock", rights: ALL_RIGHTS });
	await t.throwsAsync(runtime.ping(), { message: /Docker does not answer: .*nowhere/ });
	await runtime.close();
});
