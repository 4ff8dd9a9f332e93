// A QR code as the path of its dark modules: version and mask are fixed, which spares the library its search for the best.
import qrcode from "qrcode";

const QUIET = 4;

export function svg(text) {
  const { data, size } = qrcode.create(text, { errorCorrectionLevel: "H", maskPattern: 3 }).modules;
  const side = size + 2 * QUIET;
  let path = "";
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue;
      const start = x;
      while (x + 1 < size && data[y * size + x + 1]) x++;
      path += `M${start + QUIET} ${y + QUIET}.5h${x - start + 1}`;
    }
  }
  return `<svg class="qr" width="160" viewBox="0 0 ${side} ${side}" role="img" aria-label="本页网址的二维码 QR code of this page's address"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path stroke="#000" shape-rendering="crispEdges" d="${path}"/></svg>`;
}
