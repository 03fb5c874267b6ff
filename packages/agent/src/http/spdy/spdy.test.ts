import test from "ava";
import fc from "fast-check";
import { controlFrame, dataFrame, FLAG_FIN, FrameParser, TYPE } from "./frames.ts";
import { HeaderCodec } from "./header-codec.ts";
import { open, pipe } from "./spdy.world.ts";
import { SpdySession, type SpdyStream } from "./spdy-session.ts";

test("property: frames are the same however the bytes are cut", (t) => {
	const frame = fc.record({
		id: fc.nat({ max: 2 ** 31 - 1 }),
		data: fc.uint8Array({ maxLength: 200 }),
		control: fc.boolean(),
	});
	fc.assert(
		fc.property(
			fc.array(frame, { maxLength: 8 }),
			fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
			(frames, cuts) => {
				const bytes = Buffer.concat(
					frames.map(({ id, data, control }) =>
						control
							? controlFrame(TYPE.ping, 3, Buffer.from(data))
							: dataFrame(id, FLAG_FIN, Buffer.from(data)),
					),
				);
				const parser = new FrameParser();
				const parsed = [];
				for (let at = 0, i = 0; at < bytes.length; i += 1) {
					const size = cuts[i % cuts.length]!;
					parsed.push(...parser.push(bytes.subarray(at, at + size)));
					at += size;
				}
				t.deepEqual(
					parsed.map((one) => [one.control, Buffer.from(one.payload).toString("hex")]),
					frames.map((one) => [one.control, Buffer.from(one.data).toString("hex")]),
				);
			},
		),
	);
});

test("nonsense ends the connection with an error", (t) => {
	t.throws(() => new FrameParser().push(Buffer.from("GET / HTTP/1.1\r\n\r\n")), { instanceOf: RangeError });
	const huge = Buffer.alloc(8);
	huge.writeUInt32BE(0xff_ffff, 4);
	t.throws(() => new FrameParser().push(huge), { instanceOf: RangeError });
});

test("header blocks keep one zlib stream over many blocks", async (t) => {
	const [sender, receiver] = [new HeaderCodec(), new HeaderCodec()];
	for (const headers of [
		[["streamtype", "stdin"]],
		[
			["streamtype", "stdout"],
			["port", "80"],
		],
		[],
	] as const) {
		const decoded = await receiver.decode(
			await sender.encode(headers as readonly (readonly [string, string])[]),
		);
		t.deepEqual([...decoded], headers as never);
	}
	sender.close();
	receiver.close();
});

test("a header block that unpacks to too much is refused", async (t) => {
	const [sender, receiver] = [new HeaderCodec(), new HeaderCodec()];
	const block = await sender.encode([["a", "x".repeat(60_000)]]);
	await t.notThrowsAsync(receiver.decode(block));
	const [client, server] = [new HeaderCodec(), new HeaderCodec()];
	await t.throwsAsync(async () => server.decode(await client.encode([["a", "x".repeat(90_000)]])));
	for (const codec of [sender, receiver, client, server]) codec.close();
});

test("a stream carries data both ways and closes each half by itself", async (t) => {
	const [near, far] = pipe();
	const codec = new HeaderCodec();
	const opened = Promise.withResolvers<SpdyStream>();
	const closed = Promise.withResolvers<void>();
	const session = new SpdySession({ socket: far, onStream: opened.resolve, onClose: () => closed.resolve() });
	const received = new FrameParser();
	const output: Buffer[] = [];
	const finished = Promise.withResolvers<void>();
	near.on("data", (chunk: Buffer) => {
		for (const frame of received.push(chunk)) {
			if (frame.control) continue;
			output.push(frame.payload);
			if (frame.flags & FLAG_FIN) finished.resolve();
		}
	});
	near.write(await open(codec, 1, { streamType: "data" }));
	near.write(dataFrame(1, 0, Buffer.from("ping ")));
	near.write(dataFrame(1, FLAG_FIN, Buffer.from("pong")));
	const stream = await opened.promise;
	t.is(stream.headers.get("streamtype"), "data");
	let input = "";
	for await (const chunk of stream) input += chunk;
	t.is(input, "ping pong");
	stream.end("x".repeat(100_000));
	await finished.promise;
	t.is(Buffer.concat(output).toString(), "x".repeat(100_000));
	session.close();
	await closed.promise;
	codec.close();
});
