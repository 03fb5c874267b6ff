// Stock clients, and hostile ones, against a control plane on loopback: no root, no Docker. `npm run conformance`.
export default {
	files: ["test/conformance/**/*.test.ts", "test/fuzz/*.test.ts"],
	extensions: ["ts"],
	// Each file has a server of its own.
	concurrency: 2,
	timeout: "90s",
};
