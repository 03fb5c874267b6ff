// Unit tests: beside their sources, no root, no Docker, no network beyond loopback.
export default {
	files: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
	extensions: { ts: "module" },
	timeout: "60s",
};
