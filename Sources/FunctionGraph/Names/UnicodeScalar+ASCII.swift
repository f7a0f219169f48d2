extension Unicode.Scalar {
    /// Whether it is one of `A`–`Z` and `a`–`z`.
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

    /// Whether it is one of `0`–`9`.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }

    /// Whether it is one of `0`–`9`, `a`–`f` and `A`–`F`.
    var isASCIIHexDigit: Bool { isASCIIDigit || ("a"..."f").contains(self) || ("A"..."F").contains(self) }
}
