// Starts `wslint server` and leaves all else to it.
"use strict";

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async function activate() {
  const [command, ...args] = workspace.getConfiguration("wslint").get("command", ["wslint", "server"]);
  const selector = [
    ...["toml", "json", "jsonc", "javascript", "typescript", "javascriptreact", "typescriptreact", "python", "rust"],
  ].map((language) => ({ scheme: "file", language }));
  selector.push({ scheme: "file", pattern: "**/wrangler*.toml" });
  client = new LanguageClient("wslint", "wslint", { command, args }, { documentSelector: selector });
  await client.start();
};

exports.deactivate = function deactivate() {
  return client && client.stop();
};
