// Sockets of many people, by the client that people use. Takes one JSON command a line, and prints what happens, one JSON
// object a line: {name, heard, data} for what a socket hears, {id, data} for an acknowledgement.
"use strict";

const { io } = require(`${process.argv[2]}/node_modules/socket.io-client`);
const sockets = new Map();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const commands = {
  open({ name, url, token, options }) {
    const auth = token === null ? {} : { token };
    const socket = io(url, { auth, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...options });
    sockets.set(name, socket);
    const hear = (heard, data) => say({ name, heard, data: data ?? null });
    socket.onAny(hear);
    socket.on("connect", () => hear("$connect"));
    socket.on("connect_error", (error) => hear("$connect_error", error.message));
    socket.on("disconnect", (reason) => hear("$disconnect", reason));
  },
  emit({ name, id, event, data }) {
    sockets.get(name).timeout(10000).emit(event, data, (error, answer) => say({ id, data: error ? String(error) : answer }));
  },
  // What a broken link does: the transport is gone, and the client comes back by itself.
  cut({ name }) {
    sockets.get(name).io.engine.close();
  },
  close({ name }) {
    sockets.get(name).close();
  },
};

let rest = "";
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) {
    const command = JSON.parse(line);
    commands[command.do](command);
  }
});
process.stdin.on("end", () => process.exit(0));
