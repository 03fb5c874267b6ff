import { isIPv4 } from "node:net";
import test from "ava";
import { addressTowards } from "./own-address.ts";

test("a peer on this machine is no reason to be reached at 127.0.0.1", async (t) => {
	const address = await addressTowards("127.0.0.1").catch((error: Error) => error.message);
	t.true(isIPv4(address) ? !address.startsWith("127.") : /no address/.test(address), address);
});
