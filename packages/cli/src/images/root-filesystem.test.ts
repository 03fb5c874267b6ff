import test from "ava";
import { librariesIn } from "./root-filesystem.ts";

test("libraries and loader are found in what ldd prints", (t) => {
	const output = `	linux-vdso.so.1 (0x00007ffd1a5f2000)
	libtinfo.so.6 => /lib/x86_64-linux-gnu/libtinfo.so.6 (0x00007f2b1c9d3000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2b1c7f2000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f2b1cb6b000)
`;
	t.deepEqual(librariesIn(output), [
		"/lib/x86_64-linux-gnu/libtinfo.so.6",
		"/lib/x86_64-linux-gnu/libc.so.6",
		"/lib64/ld-linux-x86-64.so.2",
	]);
});

test("a static program has no libraries", (t) => {
	t.deepEqual(librariesIn("	not a dynamic executable\n"), []);
});
