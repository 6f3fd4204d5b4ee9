// Calls our server with the real client. Usage: node calls.js ADDRESS PROTO; prints one JSON object, a field for each call.
'use strict';
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, proto] = process.argv.slice(2);
const { Chat } = grpc.loadPackageDefinition(loader.loadSync(proto)).clustermesh.test.v1;
const client = new Chat(address, grpc.credentials.createInsecure());

const status = (error) => ({ code: error.code, details: error.details });

function unary(method, line, options = {}, metadata = new grpc.Metadata(), during = () => {}) {
  return new Promise((resolve) => {
    const seen = {};
    const call = client[method](line, metadata, options, (error, answer) => {
      Object.assign(seen, error ? status(error) : { text: answer.text });
    });
    call.on('metadata', (headers) => { seen.heard = headers.get('x-heard')[0]; });
    // Comes last.
    call.on('status', ({ metadata: trailers }) => resolve({ ...seen, trailer: trailers.get('x-trailer')[0] }));
    during(call);
  });
}

function stream(line, options = {}, cancelAt = Infinity) {
  return new Promise((resolve) => {
    const numbers = [];
    const call = client.Count(line, options);
    call.on('data', ({ number }) => {
      numbers.push(number);
      if (number === cancelAt) call.cancel();
    });
    call.on('error', (error) => resolve({ numbers, ...status(error) }));
    call.on('end', () => resolve({ numbers, code: 0 }));
  });
}

function talk(lines) {
  return new Promise((resolve) => {
    const heard = [];
    const call = client.Talk();
    call.on('data', ({ text }) => {
      heard.push(text);
      // The next line only after the answer to the last one: neither side waits for the other's end.
      if (heard.length < lines.length) call.write({ text: lines[heard.length] });
      else call.end();
    });
    call.on('error', (error) => resolve({ heard, ...status(error) }));
    call.on('end', () => resolve({ heard, code: 0 }));
    call.write({ text: lines[0] });
  });
}

async function main() {
  const metadata = new grpc.Metadata();
  metadata.set('x-said', 'hello');
  const soon = () => ({ deadline: Date.now() + 300 });
  const results = {
    say: await unary('Say', { text: 'é' }, {}, metadata),
    missing: await unary('Say', { text: 'missing' }),
    crash: await unary('Say', { text: 'crash' }),
    deadline: await unary('Say', { text: 'hang' }, soon()),
    cancelled: await unary('Say', { text: 'hang' }, {}, metadata, (call) => setTimeout(() => call.cancel(), 100)),
    unimplemented: await unary('Nobody', {}),
    large: await unary('Say', { bulk: Buffer.alloc(70000) }),
    count: await stream({ number: 5 }),
    fail: await stream({ text: 'fail' }),
    countDeadline: await stream({ text: 'hang' }, soon()),
    countCancelled: await stream({ text: 'hang' }, {}, 3),
    many: (await stream({ number: 20000, bulk: Buffer.alloc(100) })).numbers.length,
    talk: await talk(['one', 'two', 'three']),
    bye: await talk(['bye', 'never']),
  };
  client.close();
  console.log(JSON.stringify(results));
}

main();
