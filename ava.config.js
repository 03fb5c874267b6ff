// Unit tests: beside their sources, no root, no Docker, no network beyond loopback.
export default {
	files: [
		"packages/*/src/**/*.test.ts",
		"!packages/**/*.docker.test.ts",
		"!packages/**/*.disk.test.ts",
		"scripts/**/*.test.ts",
	],
	extensions: ["ts"],
	timeout: "60s",
};
