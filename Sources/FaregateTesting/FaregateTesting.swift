import Faregate
