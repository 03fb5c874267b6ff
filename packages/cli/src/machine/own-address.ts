/** Which of this machine's addresses others reach it at. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { Failure } from "../failure.ts";

/** A documentation address (RFC 5737): nobody is there, and the default route leads to it. */
const ANYWHERE = "192.0.2.1";

/** The address that the kernel would use towards `peer`, or towards anywhere when the peer is on this machine. */
export async function addressTowards(peer: string = ANYWHERE): Promise<string> {
	for (const target of [peer, ANYWHERE]) {
		const address = await sourceAddress(target);
		if (address && !address.startsWith("127.") && address !== "0.0.0.0") return address;
	}
	for (const addresses of Object.values(networkInterfaces())) {
		const outer = addresses?.find(({ family, internal }) => family === "IPv4" && !internal);
		if (outer) return outer.address;
	}
	throw new Failure("this machine has no address that others could reach it at", "name one with --address");
}

/** Connecting a datagram socket sends nothing; it only asks the routing table. */
async function sourceAddress(target: string): Promise<string | undefined> {
	const socket = createSocket("udp4");
	try {
		socket.connect(9, target);
		await once(socket, "connect");
		return socket.address().address;
	} catch {
		return undefined;
	} finally {
		socket.close();
	}
}
