// Opens a file that starcert/search/sharded/pack.py has made: the values of its first line, and its arrays in `arrays`.

export async function unpack(response) {
  const packed = await response.blob(); // read to its end, or browsers take the request for broken off
  const inflated = new Response(packed.stream().pipeThrough(new DecompressionStream("deflate")));
  const bytes = new Uint8Array(await inflated.arrayBuffer());
  const head = bytes.indexOf(10);
  const values = JSON.parse(new TextDecoder().decode(bytes.subarray(0, head)));
  const arrays = {};
  let start = head + 1;
  for (const [name, length, width] of values.arrays) {
    arrays[name] = numbers(bytes.subarray(start, start + length * width), length);
    start += length * width;
  }
  return { ...values, arrays };
}

// From planes, the lowest bytes of all numbers first.
function numbers(planes, length) {
  const found = new Uint32Array(length);
  for (let start = 0, shift = 0; start < planes.length; start += length, shift += 8) {
    for (let index = 0; index < length; index += 1) found[index] |= planes[start + index] << shift;
  }
  return found;
}
