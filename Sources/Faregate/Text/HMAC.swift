/// HMAC-SHA256 (RFC 2104): shows that whoever wrote a message knows the key.
package func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    let blockByteCount = 64
    var block = key.count > blockByteCount ? SHA256.digest(of: key) : key
    block += [UInt8](repeating: 0, count: blockByteCount - block.count)
    let inner = SHA256.digest(of: block.map { $0 ^ 0x36 } + message)
    return SHA256.digest(of: block.map { $0 ^ 0x5C } + inner)
}
