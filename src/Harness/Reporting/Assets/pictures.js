// Images and attention maps. Both travel as base64url; a map's cells are shares of its largest, in 256 or 16 steps.

function uri(place) {
  const text = place === null || place === undefined ? null : DATA.pictures.uris[place];
  if (!text) return null;
  const comma = text.indexOf(',') + 1;
  return text.slice(0, comma) + standard(text.slice(comma));
}

function standard(text) { return text.replace(/-/g, '+').replace(/_/g, '/') + '==='.slice((text.length + 3) % 4); }

function thumb(place, name) {
  const source = uri(place);
  return source ? h('img', { class: 'thumb', src: source, alt: `Image ${name}` }) : h('span', { class: 'thumb nothumb' }, 'no image');
}

/** A question's map as { height, width, cells: 0 … 1 of the largest, peak: that largest as a share of the mass }, or null. */
function mapOf(subject, i) {
  const maps = subject.maps;
  if (!maps.bytes) {
    maps.bytes = Uint8Array.from(atob(standard(maps.cells)), c => c.charCodeAt(0));
    maps.starts = new Uint32Array(maps.peaks.length);
    for (let k = 0, at = 0; k < maps.peaks.length; k++) { maps.starts[k] = at; at += maps.grids[2 * k] * maps.grids[2 * k + 1]; }
  }
  const height = maps.grids[2 * i], width = maps.grids[2 * i + 1];
  if (!height) return null;
  const cells = new Float32Array(height * width);
  for (let k = 0; k < cells.length; k++) {
    const at = maps.starts[i] + k;
    cells[k] = maps.steps === 256 ? maps.bytes[at] / 255 : ((at % 2 ? maps.bytes[at >> 1] : maps.bytes[at >> 1] >> 4) & 15) / 15;
  }
  return { height, width, cells, peak: maps.peaks[i] };
}

/** The image with the map over it where the processor took its image tokens from. strength: 0 shows the image alone, 1 hides it where attention is; repaint(strength) changes it. */
function heat(subject, i, { strength = 0.5, size = 224 } = {}) {
  const questions = subject.questions, map = mapOf(subject, i), source = uri(questions.picture[i]);
  const name = TEXTS[questions.image[i]];
  const canvas = h('canvas', { role: 'img', width: size, height: size, 'aria-label': map && strength ? `Attention of ${subject.name} over image ${name}: ${map.height} by ${map.width} cells, the largest holds ${(100 * map.peak).toFixed(1)} percent` : `Image ${name}` });
  const box = h('div', { class: size > 224 ? 'heat large' : 'heat' }, canvas);
  let picture = null;
  const paint = () => {
    const ctx = canvas.getContext('2d');
    ctx.clearRect(0, 0, size, size);
    const ratio = picture ? picture.naturalWidth / picture.naturalHeight : map ? map.width / map.height : 1;
    const w = ratio >= 1 ? size : size * ratio, tall = ratio >= 1 ? size / ratio : size, left = (size - w) / 2, top = (size - tall) / 2;
    if (picture) ctx.drawImage(picture, left, top, w, tall);
    if (!map || strength === 0) return;
    // The part of the image that the cells cover.
    const cut = subject.crop === 'centre' ? Math.min(w, tall) : null;
    const [mapWide, mapTall] = cut ? [cut, cut] : [w, tall], mapLeft = left + (w - mapWide) / 2, mapTop = top + (tall - mapTall) / 2;
    for (let r = 0; r < map.height; r++) for (let c = 0; c < map.width; c++) {
      const share = map.cells[r * map.width + c];
      // Dark violet over red to yellow: lightness rises with the share, so that it reads without colour too.
      const alpha = picture ? Math.min(1, strength * (0.4 + 1.2 * share)) : 1;
      ctx.fillStyle = `hsl(${Math.round(280 + 140 * share) % 360} 95% ${Math.round(22 + 48 * share)}% / ${alpha.toFixed(2)})`;
      const x = mapLeft + c * mapWide / map.width, y = mapTop + r * mapTall / map.height;
      ctx.fillRect(x, y, mapWide / map.width + 0.3, mapTall / map.height + 0.3);
    }
  };
  if (source) {
    const loading = new Image();
    loading.onload = () => { picture = loading; paint(); };
    loading.src = source;
  } else paint();
  box.repaint = value => { strength = value; paint(); };
  return box;
}
