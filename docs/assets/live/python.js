/**
 * 같은 글자를 만드는 파이썬입니다. 복사해서 그대로 돌릴 수 있습니다.
 *
 * @param {Float32Array} input 잠재 벡터 뒤에 글자의 몫을 이은 입력
 * @param {number} size 잠재 벡터의 길이
 * @param {string} address 모델의 주소
 */
export function pythonCode(input, size, address) {
  const numbers = (/** @type {Float32Array} */ values) =>
    [...values].map((value) => String(Number(value.toFixed(3)))).join(", ");
  return `# pip install numpy onnxruntime pillow
import gzip
from urllib.request import urlopen

import numpy as np
import onnxruntime
from PIL import Image

address = "${address}"
model = onnxruntime.InferenceSession(gzip.decompress(urlopen(address).read()))
z = [${numbers(input.subarray(0, size))}]
syllable = [${numbers(input.subarray(size))}]  # 가나다라마바사아자차카타파하
(images,) = model.run(None, {"input": np.array([z + syllable], dtype=np.float32)})
ink = ((images[0, 0] + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
Image.fromarray(255 - ink).resize((224, 224), Image.Resampling.NEAREST).save("glyph.png")
`;
}
