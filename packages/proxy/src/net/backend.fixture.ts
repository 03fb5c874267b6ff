/** A pod's program: says its name and who asks, by TCP and UDP on port 8080. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import process from "node:process";

const [, , name = "", address = ""] = process.argv;
const server = createServer((socket) => {
	socket.on("error", () => {});
	socket.end(`${name} ${socket.remoteAddress?.replace("::ffff:", "")}`);
}).listen(8080);
await once(server, "listening");
const socket = createSocket("udp4");
socket.on("message", (_, from) => socket.send(`${name} ${from.address}`, from.port, from.address));
// Bound, so that answers leave from the address that was asked.
socket.bind(8080, address);
await once(socket, "listening");
// It ends with whoever started it.
process.stdin.on("end", () => process.exit()).resume();
console.log("ready");
