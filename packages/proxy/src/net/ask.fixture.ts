/** Asks a backend who it is; prints its answer, or the code of the error. `ask udp 10.96.0.20 80 [source port]` */
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import process from "node:process";

const [, , protocol, address = "", port = "", source = "0"] = process.argv;
const finish = (text: string) => {
	console.log(text);
	process.exit();
};
setTimeout(() => finish("TIMEOUT"), 1_500);
if (protocol === "tcp") {
	connect({ host: address, port: Number(port) })
		.on("data", (data) => finish(data.toString()))
		.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
} else {
	const socket = createSocket("udp4");
	socket.on("message", (data) => finish(data.toString()));
	socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
	socket.bind(Number(source), () => socket.connect(Number(port), address, () => socket.send("?")));
}
