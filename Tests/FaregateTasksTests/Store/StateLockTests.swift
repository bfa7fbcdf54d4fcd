import Foundation
import Testing

@testable import FaregateTasks

@Suite("The lock of a state folder")
struct StateLockTests {
    @Test("A folder that cannot be locked is not said to be in use", arguments: [ENOLCK, EOPNOTSUPP])
    func unlockable(_ reason: Int32) async throws {
        try await withTemporaryFolder { folder in
            let error = #expect(throws: StoreError.self) {
                try StateLock(folder: folder) { _, _ in
                    errno = reason
                    return -1
                }
            }
            #expect(error?.code == .folderUnwritable)
            for words in ["cannot be locked", String(cString: strerror(reason)), "local disk"] {
                #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            }
        }
    }
}
