import { createRequire } from "node:module";
import test from "ava";

test("the Docker client loads neither an SSH client nor gRPC", (t) => {
	const client = createRequire(createRequire(import.meta.url).resolve("dockerode"));
	const modem = createRequire(client.resolve("docker-modem"));
	const absent = [
		modem.resolve("ssh2"),
		...["@grpc/grpc-js", "@grpc/proto-loader", "protobufjs"].map((name) => client.resolve(name)),
	];
	t.deepEqual([...new Set(absent)], [createRequire(import.meta.url).resolve("../../left-out/index.cjs")]);
});
