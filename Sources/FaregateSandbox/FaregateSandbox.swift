import Faregate
import NIOPosix
