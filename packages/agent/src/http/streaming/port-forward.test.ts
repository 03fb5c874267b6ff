import { PassThrough } from "node:stream";
import { silentLogger } from "@berth/api";
import test from "ava";
import { dataFrame, FLAG_FIN, FrameParser, TYPE } from "../spdy/frames.ts";
import { HeaderCodec } from "../spdy/header-codec.ts";
import { open, pipe } from "../spdy/spdy.world.ts";
import { forwardPorts } from "./port-forward.ts";

const END = Buffer.alloc(0);

test("connections that are over make room for others", async (t) => {
	const [client, socket] = pipe();
	const served = forwardPorts({
		socket,
		// Whatever is sent comes back.
		containers: { dialer: () => ({ dial: async () => new PassThrough(), close: () => {} }) },
		namespace: "default",
		pod: "p",
		log: silentLogger,
	});
	const codec = new HeaderCodec();
	const frames = new FrameParser();
	let answered = Promise.withResolvers<string>();
	client.on("data", (chunk: Buffer) => {
		for (const frame of frames.push(chunk)) {
			if (frame.control && frame.type === TYPE.rstStream) answered.resolve("reset");
			if (!frame.control && frame.payload.length > 0) answered.resolve(frame.payload.toString());
		}
	});
	for (let request = 0; request < 1_100; request += 1) {
		const id = request * 4 + 1;
		const headers = { port: "80", requestID: `${request}` };
		client.write(await open(codec, id, { ...headers, streamType: "error" }));
		client.write(dataFrame(id, FLAG_FIN, END));
		client.write(await open(codec, id + 2, { ...headers, streamType: "data" }));
		client.write(dataFrame(id + 2, FLAG_FIN, Buffer.from(`${request}`)));
		if ((await answered.promise) !== `${request}`) t.fail(`connection ${request}: ${await answered.promise}`);
		answered = Promise.withResolvers();
	}
	client.end();
	await served;
	codec.close();
	t.pass();
});
