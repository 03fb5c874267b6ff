import { PassThrough, Writable } from "node:stream";
import { badRequest, StatusError } from "@berth/api";
import test from "ava";
import type { ContainerProcess } from "../containers.ts";
import { flag, parseLogOptions } from "../log-options.ts";
import { type Channels, createSizes, lastWord, parseSize } from "./channels.ts";
import { exitStatus, remoteCommand } from "./remote-command.ts";
import { codecOf } from "./websocket-channels.ts";

function channels() {
	const output: Record<string, string> = { stdout: "", stderr: "", status: "" };
	const sink = (name: string) =>
		new Writable({
			write: (chunk, _encoding, done) => {
				output[name] += chunk;
				setImmediate(done);
			},
		});
	const stop = new AbortController();
	const made: Channels = {
		stdin: new PassThrough(),
		stdout: sink("stdout"),
		stderr: sink("stderr"),
		onResize: () => {},
		finish: async (status) => {
			output.status = JSON.stringify(status);
		},
		signal: stop.signal,
	};
	return { channels: made, output, stop };
}

function process(code: number | Error): ContainerProcess & { closed: boolean } {
	const stdout = new PassThrough();
	const stderr = new PassThrough();
	stdout.end("out");
	stderr.end("err");
	return {
		stdin: new PassThrough(),
		stdout,
		stderr,
		resize: async () => {},
		exit: code instanceof Error ? Promise.reject(code) : Promise.resolve(code),
		closed: false,
		close() {
			this.closed = true;
		},
	};
}

test("output arrives whole before the exit code does", async (t) => {
	const { channels: made, output } = channels();
	const running = process(3);
	await remoteCommand(made, async () => running);
	t.is(output.stdout, "out");
	t.is(output.stderr, "err");
	const status = JSON.parse(output.status ?? "");
	t.is(status.reason, "NonZeroExitCode");
	t.deepEqual(status.details.causes, [{ reason: "ExitCode", message: "3" }]);
	t.true(running.closed);
});

test("success and a command that cannot start are told as Statuses", async (t) => {
	const good = channels();
	await remoteCommand(good.channels, async () => process(0));
	t.is(JSON.parse(good.output.status ?? "").status, "Success");
	const bad = channels();
	await remoteCommand(bad.channels, async () => {
		throw badRequest("container is not running");
	});
	t.is(JSON.parse(bad.output.status ?? "").message, "container is not running");
});

test("older protocols tell a failure as text, and say nothing of success", (t) => {
	for (const protocol of ["channel.k8s.io", "base64.channel.k8s.io", "v2.channel.k8s.io"]) {
		t.is(lastWord(protocol, exitStatus(0)), "");
		t.is(lastWord(protocol, exitStatus(3)), "command terminated with non-zero exit code: 3");
	}
	for (const protocol of ["v4.channel.k8s.io", "v4.base64.channel.k8s.io", "v5.channel.k8s.io"]) {
		t.deepEqual(JSON.parse(lastWord(protocol, exitStatus(0))), { metadata: {}, status: "Success" });
	}
});

test("the size that a client told before the command ran is not lost", (t) => {
	const sizes = createSizes();
	const seen: number[] = [];
	sizes.tell({ width: 80, height: 24 });
	sizes.tell({ width: 100, height: 40 });
	sizes.onResize(({ width }) => void seen.push(width));
	sizes.tell({ width: 120, height: 40 });
	t.deepEqual(seen, [100, 120]);
	createSizes().onResize(() => t.fail("nobody told a size"));
});

test("a client that leaves lets the process go", async (t) => {
	const { channels: made, stop } = channels();
	const ended = Promise.withResolvers<number>();
	const running = { ...process(0), exit: ended.promise, close: () => ended.resolve(0) };
	const done = remoteCommand(made, async () => running);
	stop.abort();
	await done;
	t.pass();
});

test("messages carry their channel in one byte, or in one digit before base64", (t) => {
	const plain = codecOf("v5.channel.k8s.io");
	t.deepEqual(plain.encode(1, Buffer.from("hi")), Buffer.from([1, 0x68, 0x69]));
	t.deepEqual(plain.decode(Buffer.from([0, 0x68])), { channel: 0, data: Buffer.from("h") });
	const base64 = codecOf("v4.base64.channel.k8s.io");
	t.is(base64.encode(1, Buffer.from("hi")), "1aGk=");
	t.deepEqual(base64.decode(Buffer.from("0aGk=")), { channel: 0, data: Buffer.from("hi") });
});

test("terminal sizes out of range or out of shape are ignored", (t) => {
	t.deepEqual(parseSize('{"Width":80,"Height":24}'), { width: 80, height: 24 });
	for (const text of ["", "null", "{}", '{"Width":0,"Height":1}', '{"Width":1e9,"Height":1}']) {
		t.is(parseSize(text), undefined);
	}
});

test("log options are read, and nonsense is a 400", (t) => {
	const parse = (query: string) => parseLogOptions(new URLSearchParams(query), 100_000);
	t.deepEqual(parse("follow=true&tailLines=0&sinceSeconds=10"), {
		follow: true,
		previous: false,
		timestamps: false,
		tailLines: 0,
		since: 90_000,
	});
	for (const query of ["tailLines=-1", "tailLines=x", "limitBytes=0", "sinceTime=yesterday"]) {
		t.throws(() => parse(query), { instanceOf: StatusError, message: /invalid value/ });
	}
	t.true(flag(new URLSearchParams("a"), "a"));
	t.false(flag(new URLSearchParams("a=false"), "a"));
	t.false(flag(new URLSearchParams(""), "a"));
});
